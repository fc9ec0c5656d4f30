/** What every page of the counter looks at, asked for once. */
import { getContext, setContext } from 'svelte';
import { counterOf } from '$client/queries/counter.ts';
import type { Session } from '$client/session.ts';
import type { Counter } from '$domain/redemption/view.ts';
import { fromLive, type Live } from '$lib/live/live.svelte.ts';

const key = Symbol('counter');

export const provideCounter = ({ reader, actor }: Session): Live<Counter> => setContext(key, fromLive(counterOf(reader, actor)));
export const useCounter = (): Live<Counter> => getContext<Live<Counter>>(key);
