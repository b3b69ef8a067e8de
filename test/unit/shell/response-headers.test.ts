// The rules that pages get, word for word.
import { describe, expect, it } from 'vitest';
import {
  developmentPolicy,
  headersFor,
  reportPolicy,
  workbenchPolicy,
} from '../../../electron/shell/response-headers.ts';

describe('headers', () => {
  it('state the policy of the workbench', () => {
    expect(workbenchPolicy('N')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N'; img-src 'self' blob:; font-src 'self'; connect-src 'none'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    );
  });

  it('state the policy of a printed report: no script, no address, its own styles', () => {
    expect(reportPolicy(['sha256-A', 'sha256-B'])).toBe(
      "default-src 'none'; style-src 'sha256-A' 'sha256-B'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
    );
    expect(reportPolicy([])).toContain("style-src 'none'");
  });

  it('name no unsafe source outside development', () => {
    expect(workbenchPolicy('N') + reportPolicy(['sha256-A'])).not.toMatch(/unsafe|https?:|wss?:|\*/u);
    expect(developmentPolicy('http://localhost:5173')).toContain("connect-src 'self' ws://localhost:5173");
  });

  it('isolate the page and turn every policed feature off', () => {
    const headers = headersFor('P', 'text/html');
    expect(headers).toMatchObject({
      'Content-Security-Policy': 'P',
      'Content-Type': 'text/html',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    const features = (headers['Permissions-Policy'] ?? '').split(', ');
    expect(features.length).toBeGreaterThan(25);
    expect(features.filter((feature) => !/^[a-z-]+=\(\)$/u.test(feature))).toEqual([]);
    for (const name of ['camera', 'microphone', 'geolocation', 'usb', 'hid', 'serial', 'clipboard-read'])
      expect(features).toContain(`${name}=()`);
  });
});
