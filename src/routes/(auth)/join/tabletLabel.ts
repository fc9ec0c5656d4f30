/** What a tablet calls itself until somebody gives it a better name, e.g. `Chrome · Android`. */
interface Brands {
  readonly userAgentData?: { readonly platform?: string; readonly brands?: readonly { readonly brand: string }[] };
}

const browsers = ['Edge', 'Chrome', 'Chromium', 'Firefox', 'Safari'];

export function tabletLabel(): string {
  const { userAgentData: data } = navigator as Brands;
  const named = data?.brands?.map(({ brand }) => brand).join(' ') ?? navigator.userAgent;
  const browser = browsers.find((name) => named.includes(name));
  return [browser, data?.platform].filter((part) => part).join(' · ') || 'Web';
}
