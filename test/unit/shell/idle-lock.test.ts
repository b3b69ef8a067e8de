// The user leaves in many ways; the workspace locks once.
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IDLE_CHECK, type PowerEvents, startIdleLock } from '../../../electron/shell/idle-lock.ts';

class FakePower extends EventEmitter {
  idle = 0;
  getSystemIdleTime(): number {
    return this.idle;
  }
}

let power: FakePower;
let minutes: number;
let reasons: string[];
let release: () => void;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  power = new FakePower();
  minutes = 10;
  reasons = [];
  release = () => {};
  stop = startIdleLock({
    power: power as unknown as PowerEvents,
    lock: (reason) => {
      reasons.push(reason);
      return new Promise((resolve) => {
        release = resolve;
      });
    },
    minutes: () => minutes,
  });
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

describe('startIdleLock', () => {
  it('locks when there was no input for the minutes that are set', () => {
    power.idle = 599;
    vi.advanceTimersByTime(IDLE_CHECK);
    expect(reasons).toEqual([]);
    power.idle = 600;
    vi.advanceTimersByTime(IDLE_CHECK);
    expect(reasons).toEqual(['idle']);
  });

  it('follows a changed setting, and never locks by idleness at 0', () => {
    power.idle = 100_000;
    minutes = 0;
    vi.advanceTimersByTime(IDLE_CHECK * 5);
    expect(reasons).toEqual([]);
    minutes = 1;
    vi.advanceTimersByTime(IDLE_CHECK);
    expect(reasons).toEqual(['idle']);
  });

  it.each([
    ['suspend', 'suspend'],
    ['lock-screen', 'screen'],
    ['user-did-resign-active', 'screen'],
  ])('locks at %s, even where idleness never does', (event, reason) => {
    minutes = 0;
    power.emit(event);
    expect(reasons).toEqual([reason]);
  });

  it('makes one lock of events that come together, and another one later', async () => {
    power.emit('lock-screen');
    power.emit('suspend');
    power.idle = 1000;
    vi.advanceTimersByTime(IDLE_CHECK * 3);
    expect(reasons).toEqual(['screen']);
    release();
    await vi.advanceTimersByTimeAsync(0);
    power.emit('suspend');
    expect(reasons).toEqual(['screen', 'suspend']);
  });

  it('stops when told', () => {
    stop();
    power.emit('suspend');
    power.idle = 100_000;
    vi.advanceTimersByTime(IDLE_CHECK * 3);
    expect(reasons).toEqual([]);
    expect(power.eventNames()).toEqual([]);
  });
});
