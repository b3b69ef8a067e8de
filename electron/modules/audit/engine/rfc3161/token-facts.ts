// What a timestamp token states, in words and fields: for reports, the lens and anchors.
import { digestOf } from './algorithms.ts';
import type { TstInfo } from './read-token.ts';

/** RFC 3339 UTC, as precise as it was stated. */
export const timeText = ({ genTime }: TstInfo): string => genTime.toString();

export const accuracyText = ({ accuracy }: TstInfo): string => {
  if (accuracy === null) return 'accuracy not stated';
  return `accuracy ±${accuracy >= 1_000_000 ? `${accuracy / 1_000_000} s` : `${accuracy / 1000} ms`}`;
};

export const digestName = ({ imprint }: TstInfo): string =>
  digestOf(imprint.algorithm)?.shown ?? `digest algorithm ${imprint.algorithm}`;

/** Policy, serial number, nonce, ordering and the stated name, in one sentence. */
export const detailText = (info: TstInfo): string =>
  [
    `policy ${info.policy}`,
    `serial number ${info.serial}`,
    info.nonce === null ? 'no nonce' : `nonce ${info.nonce.toString(16)}`,
    info.ordering
      ? 'ordering by time is guaranteed among tokens of this authority'
      : 'ordering not guaranteed',
    info.tsa === null ? 'the authority does not name itself' : `the authority names itself ${info.tsa}`,
  ].join('; ');

export const fieldsOfInfo = (info: TstInfo): readonly { readonly name: string; readonly value: string }[] => [
  { name: 'genTime', value: timeText(info) },
  { name: 'accuracy', value: accuracyText(info) },
  { name: 'messageImprint.hashAlgorithm', value: digestName(info) },
  { name: 'messageImprint.hashedMessage', value: info.imprint.hex },
  { name: 'policy', value: info.policy },
  { name: 'serialNumber', value: String(info.serial) },
  { name: 'nonce', value: info.nonce === null ? '' : info.nonce.toString(16) },
  { name: 'ordering', value: String(info.ordering) },
  { name: 'tsa', value: info.tsa ?? '' },
];
