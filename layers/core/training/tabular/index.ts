export { tableExpectations } from './expectations.ts';
export { type TabularPorts, tabularRecipe } from './recipe.ts';
