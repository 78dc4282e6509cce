; Installeur par utilisateur de xl_cpom pour Windows : aucun droit d'administration.
; Construit sous Debian : makensis -DVERSION=0.1.0 -DCONTENU=/chemin/du/contenu installeur/xl_cpom.nsi
; CONTENU est le dossier préparé par installeur/preparer.py : un CPython officiel et les roues.
Unicode true
ManifestDPIAware true
SetCompressor /SOLID lzma

!ifndef VERSION
  !error "VERSION manque : makensis -DVERSION=0.1.0 …"
!endif
!ifndef CONTENU
  !error "CONTENU manque : le dossier préparé par installeur/preparer.py"
!endif
!ifndef SORTIE
  !define SORTIE "xl_cpom-${VERSION}-installeur.exe"
!endif

!include "MUI2.nsh"

Name "xl_cpom ${VERSION}"
OutFile "${SORTIE}"
InstallDir "$LOCALAPPDATA\Programs\xl_cpom"
RequestExecutionLevel user

!define CLE "Software\Microsoft\Windows\CurrentVersion\Uninstall\xl_cpom"

!insertmacro MUI_PAGE_LICENSE "../LICENSE"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "French"

Section "xl_cpom"
  SetOutPath "$INSTDIR"
  ; Une version précédente est retirée d'abord : rien de périmé ne reste.
  RMDir /r "$INSTDIR\python"
  File /r "${CONTENU}/*.*"

  ; La commande, sans toucher à la variable PATH. -P : rien n'est importé du dossier courant.
  FileOpen $0 "$INSTDIR\xl-cpom.cmd" w
  FileWrite $0 '@"%~dp0python\python.exe" -P -m xl_cpom %*$\r$\n'
  FileClose $0

  CreateDirectory "$SMPROGRAMS\xl_cpom"
  CreateShortcut "$SMPROGRAMS\xl_cpom\Invite de commandes xl_cpom.lnk" "$SYSDIR\cmd.exe" \
    '/K "$INSTDIR\xl-cpom.cmd"' "" "" SW_SHOWNORMAL "" "Contrôler un classeur CPOM socle"
  CreateShortcut "$SMPROGRAMS\xl_cpom\Désinstaller xl_cpom.lnk" "$INSTDIR\desinstaller.exe"

  WriteUninstaller "$INSTDIR\desinstaller.exe"
  WriteRegStr HKCU "${CLE}" "DisplayName" "xl_cpom"
  WriteRegStr HKCU "${CLE}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${CLE}" "Publisher" "Les auteurs de xl_cpom"
  WriteRegStr HKCU "${CLE}" "UninstallString" '"$INSTDIR\desinstaller.exe"'
  WriteRegDWORD HKCU "${CLE}" "NoModify" 1
  WriteRegDWORD HKCU "${CLE}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  RMDir /r "$INSTDIR\python"
  Delete "$INSTDIR\xl-cpom.cmd"
  Delete "$INSTDIR\LISEZMOI.txt"
  Delete "$INSTDIR\desinstaller.exe"
  RMDir "$INSTDIR"
  RMDir /r "$SMPROGRAMS\xl_cpom"
  DeleteRegKey HKCU "${CLE}"
SectionEnd
