// fast-check with a seed that is printed when a property fails, and runs that stay quick.
import fc, { configureGlobal, VerbosityLevel } from 'fast-check';

configureGlobal({ numRuns: 200, verbose: VerbosityLevel.Verbose });

export { fc };
