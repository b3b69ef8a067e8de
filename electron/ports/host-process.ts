// The far side of a heavy job: a process in the app, a thread in tests and the CLI, behind one small port.

/** A running host. Messages are structured clones in both directions. */
export interface HostProcess {
  /** `transfer` moves the buffers where the host can (threads); a process gets copies. */
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, whatever ended it; a killed process may report 0, a crashed one never does. */
  onExit(listener: (code: number) => void): void;
  kill(): void;
}

/** Starts `entry`, the file URL of a built ES module. `name` shows in process lists. */
export type SpawnHostProcess = (entry: URL, name: string) => HostProcess;

/** What the started module holds of its parent. */
export interface HostParent {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
}
