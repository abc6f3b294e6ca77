export * from './encoder.ts';
export * from './labels.ts';
export * from './row.ts';
export * from './text-cells.ts';
export * from './validate-rows.ts';
