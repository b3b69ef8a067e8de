// What other modules may use of cases.
export { caseRecord, getCase, listCases, newCase } from './service.ts';
