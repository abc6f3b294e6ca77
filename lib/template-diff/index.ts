export { NoAssemblyError, readTemplates, type Template } from './assembly.ts';
export { changesBetween, type ResourceChange, type StackChanges } from './changes.ts';
export { markdownOf } from './markdown.ts';
