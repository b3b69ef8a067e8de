// What the assembly may use of the workspace module.
export { CurrentWorkspace } from './current.ts';
export { RecentWorkspaces } from './recent.ts';
