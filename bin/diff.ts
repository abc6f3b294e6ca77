import { Command } from 'commander';
import { changesBetween, markdownOf, NoAssemblyError, readTemplates } from '../lib/template-diff/index.ts';

interface Options {
  readonly base: string;
  readonly head: string;
  readonly title: string;
}

const { base, head, title } = new Command('npm run diff --')
  .description('Says in Markdown what deploying would change: one folder of templates against another.')
  .requiredOption('--base <folder>', 'templates of what is deployed')
  .option('--head <folder>', 'templates of what would be', 'cdk.out')
  .option('--title <text>', 'heading of the report', 'Template changes')
  .parse()
  .opts<Options>();

try {
  process.stdout.write(markdownOf(changesBetween(readTemplates(base), readTemplates(head)), title));
} catch (error) {
  if (!(error instanceof NoAssemblyError)) throw error;
  console.error(`kilat: ${error.message}`);
  process.exitCode = 1;
}
