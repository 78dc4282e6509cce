// Written for browsers of ten years ago: all it does is to say that they are too old.
(function () {
  var able = typeof WebAssembly === "object" && typeof Worker === "function" &&
    typeof DecompressionStream === "function" && "noModule" in document.createElement("script") &&
    typeof WebAssembly.instantiateStreaming === "function" && !!Array.prototype.at;
  if (!able) {
    document.getElementById("ancien").hidden = false;
    document.getElementById("accueil").style.display = "none";
  }
  document.body.setAttribute("data-capable", able ? "oui" : "non");
})();
