import { catalogue, type Part } from "@/i18n/catalogue";

export const t = catalogue("files", {
  deleteText: (fullName: Part) => `Delete “${fullName}”?`,
  flowsThatUseItWill: "Flows that use it will not find it any more.",
  deleteText2: "Delete",
  myFiles: "My Files",
  filesToUpload: "Files to upload",
  upload: "Upload",
  searchFiles: "Search files",
  searchFiles2: "Search files…",
  noFiles: "No files.",
  download: (fullName: Part) => `Download ${fullName}`,
  deleteText3: (fullName: Part) => `Delete ${fullName}`,
});
