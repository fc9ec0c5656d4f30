import { redirect } from '@sveltejs/kit';
import { homeOf, rememberedSeat } from '$client/seat.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = () => {
  const remembered = rememberedSeat();
  redirect(307, remembered ? homeOf(remembered.seat) : '/seat');
};
