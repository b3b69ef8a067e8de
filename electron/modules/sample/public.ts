// What others may use of the sample.
export { SAMPLE_CASE } from './fill-sample.ts';
export { writeSampleLogs } from './write-logs.ts';
