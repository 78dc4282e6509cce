// Opens a workbook with a JavaScript library and saves it again: library, source, target.
import { createRequire } from "node:module";

const [, , library, source, target] = process.argv;
const load = createRequire(`${process.cwd()}/`);
if (library === "exceljs") {
  const book = new (load("exceljs").Workbook)();
  await book.xlsx.readFile(source);
  await book.xlsx.writeFile(target);
} else if (library === "xlsx") {
  const sheetjs = load("xlsx");
  sheetjs.writeFile(sheetjs.readFile(source, { cellNF: true, cellStyles: true }), target);
} else {
  const book = await load("xlsx-populate").fromFileAsync(source);
  await book.toFileAsync(target);
}
