// Who may do what: permission sets per role and clearance by rank. Denies by default.
import { CLEARANCES, PERMISSIONS } from '../../shared/contract/define.ts';
import type { Clearance, Permission } from '../../shared/contract/define.ts';

export interface Principal {
  readonly id: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly clearance: Clearance;
}

/** Whoever has not unlocked anything: may point at a workspace, choose files and try a passphrase. */
export const ANYONE: Principal = {
  id: 'anonymous',
  permissions: new Set<Permission>(['workspace.enter', 'files.choose']),
  clearance: 'public',
};

/** The holder of the workspace's passphrase. */
export const OWNER: Principal = {
  id: 'owner',
  permissions: new Set<Permission>(PERMISSIONS),
  clearance: 'top_secret',
};

const PRINCIPALS: ReadonlyMap<string, Principal> = new Map([[OWNER.id, OWNER]]);

export const principalNamed = (id: string | null): Principal =>
  id === null ? ANYONE : (PRINCIPALS.get(id) ?? ANYONE);

export const mayDo = (principal: Principal, permission: Permission, clearance: Clearance): boolean =>
  principal.permissions.has(permission) &&
  CLEARANCES.indexOf(principal.clearance) >= CLEARANCES.indexOf(clearance);
