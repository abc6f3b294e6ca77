// Loaded before all else, on whatever Node there is: nothing here is newer than Node 16.
const required = 24; // runs TypeScript itself, and has node:sqlite

if (Number(process.versions.node.split('.')[0]) < required) {
  process.stderr.write(
    `kilat: Node ${required} or newer is needed, and this is ${process.version}; ` +
      'start with npm (npm start, npm run kilat), which uses the Node that npm install brought\n',
  );
  process.exit(1);
}
