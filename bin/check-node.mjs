// Loaded before all else, on whatever Node there is: nothing here is newer than Node 16.
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const required = 24; // runs TypeScript by itself, and has node:sqlite

if (Number(process.versions.node.split('.')[0]) < required) {
  process.stderr.write(
    `kilat: Node ${required} or newer is needed, and this is ${process.version}; ` +
      'start with npm (npm start, npm run kilat), which uses the Node that npm install brought\n',
  );
  process.exit(1);
}

// Compiled code is kept between starts, which takes a third off each.
nodeModule.enableCompileCache(fileURLToPath(new URL('../.build/compile-cache', import.meta.url)));
