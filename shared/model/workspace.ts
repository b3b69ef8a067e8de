// The workspace as the window knows it: its state, never its path.
import * as v from 'valibot';

export const WorkspaceStatus = v.strictObject({
  state: v.picklist(['none', 'locked', 'open']),
  name: v.nullable(v.string()),
  isSample: v.boolean(),
  appVersion: v.string(),
  /** true when the vault could be opened for reading only (newer or on a read-only disk). */
  readOnly: v.boolean(),
});
export type WorkspaceStatus = v.InferOutput<typeof WorkspaceStatus>;

export const Settings = v.strictObject({
  theme: v.picklist(['system', 'light', 'dark', 'contrast']),
  density: v.picklist(['comfortable', 'compact']),
  /** Minutes without input until the workspace locks; 0 = never. */
  idleLockMinutes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(240)),
  /** Name that reports and the signing certificate show for the organisation. */
  organisation: v.pipe(v.string(), v.trim(), v.maxLength(100)),
});
export type Settings = v.InferOutput<typeof Settings>;
export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  density: 'comfortable',
  idleLockMinutes: 10,
  organisation: '',
};
