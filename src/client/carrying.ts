/** A bundle file that somebody chose: looked at before it is read, since a stick may hold anything. */
import { err } from '../domain/kernel/result.ts';
import { bundleFileMaxBytes } from '../protocol/bundle.ts';
import type { ReplicaCalls } from '../replica/contract.ts';

export const takeBundleFile = async (calls: Pick<ReplicaCalls, 'takeBundle'>, file: File): ReturnType<ReplicaCalls['takeBundle']> =>
  file.size > bundleFileMaxBytes ? err('too-large') : calls.takeBundle(await file.text());
