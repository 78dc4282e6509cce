"""What the system answers when it refuses, in French: Python only has it in English."""

from __future__ import annotations

import errno

_WORDS = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EROFS: "disque en lecture seule",
    errno.ENOENT: "introuvable",
    errno.ENOTDIR: "ce n'est pas un dossier",
    errno.EISDIR: "c'est un dossier",
    errno.EEXIST: "un fichier porte déjà ce nom",
    errno.ENOSPC: "disque plein",
    errno.ENAMETOOLONG: "nom trop long",
    errno.EBUSY: "ouvert par un autre programme",
    errno.EMFILE: "trop de fichiers ouverts",
    errno.EIO: "erreur du disque",
}


def os_reason(failure: OSError) -> str:
    """Why the system refused, in a few words; its own words when we have none."""
    known = _WORDS.get(failure.errno or 0)
    return known or failure.strerror or type(failure).__name__
