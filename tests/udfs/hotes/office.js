// A minimal Office host: what the task pane and the custom functions of xlwings ask of Excel.
(() => {
  const loaded = { load() { return this; } };
  const culture = {
    name: "fr-FR", ...loaded,
    datetimeFormat: { shortDatePattern: "jj/MM/aaaa", ...loaded },
  };
  globalThis.__fonctions = {};
  globalThis.Office = {
    actions: { associate() {} },
    AsyncResultStatus: { Succeeded: "succeeded" },
    EventType: {},
    HostType: { Excel: "Excel" },
    PlatformType: { OfficeOnline: "OfficeOnline" },
    context: {
      contentLanguage: "fr-FR",
      displayLanguage: "fr-FR",
      platform: "OfficeOnline",
      requirements: { isSetSupported: () => true },
      ui: { displayDialogAsync() {}, messageParent() {} },
    },
    onReady(ready) {
      const info = { host: "Excel", platform: "OfficeOnline" };
      if (ready) ready(info);
      return Promise.resolve(info);
    },
  };
  class RequestContext {
    constructor() {
      this.application = { cultureInfo: culture, ...loaded };
      this.workbook = {
        name: "Classeur1.xlsx", ...loaded, application: this.application,
        worksheets: { onCalculated: { add() {} } },
      };
    }
    async sync() {}
  }
  globalThis.Excel = { RequestContext, run: async (work) => work(new RequestContext()) };
  globalThis.CustomFunctions = {
    associate(id, held) { __fonctions[id] = held; },
    Error: class extends Error {
      constructor(code, message) { super(message); this.code = code; }
    },
    ErrorCode: { invalidValue: "#VALUE!", notAvailable: "#N/A" },
  };
})();
