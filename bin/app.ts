import { buildApp } from '../lib/app.ts';
import { chosenStage, readStage } from '../lib/stage.ts';

buildApp({ stage: readStage(chosenStage(process.env)) }).synth();
