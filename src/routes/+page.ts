import { redirect } from '@sveltejs/kit';
import { rememberedSeat } from '$client/seat.ts';
import type { PageLoad } from './$types';
import { homeOf } from './places.ts';

export const load: PageLoad = () => {
  const remembered = rememberedSeat();
  redirect(307, remembered ? homeOf(remembered.seat) : '/seat');
};
