/** What the server says once it runs. CF2: in real mode also what still stands between it and tablets. */
import type { Config } from './config.ts';

const here = /^(127\.|localhost$|::1$)/;

/** @param address where it listens */
export function greeting(config: Config, address: string): string[] {
  const running = `Linhuo 邻伙 is running at ${address}/`;
  if (config.demo) {
    return [
      running,
      `  Demo data. Take a seat at ${address}/ or see two tablets and a supervisor side by side at ${address}/demo`,
      '  For real work start without demo, in a data folder of its own: LINHUO_DATA=./data-real npm run serve',
    ];
  }
  return [
    running,
    `  Real data, in ${config.data}. Tablets open ${config.origin ?? address}/`,
    ...(config.origin === undefined ? ['  LINHUO_ORIGIN is not set: links will name the address above. Set it to how tablets reach this server, for example LINHUO_ORIGIN=https://linhuo.example.'] : []),
    ...(config.tls === undefined && config.proxies.length === 0
      ? [`  There is no TLS${here.test(config.host) ? ', so only browsers on this machine can work here' : ' on a network others can read'}: set LINHUO_TLS_CERT and LINHUO_TLS_KEY, or put a proxy in front and name it, for example LINHUO_PROXY=127.0.0.1.`]
      : []),
  ];
}
