/**
 * TLS without a proxy in front.
 *
 * - TL1 A certificate that cannot be used is named with its setting and what to do, before anything listens.
 * - TL2 A renewed certificate is taken over on SIGHUP; one that cannot be used changes nothing.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../../src/domain/kernel/result.ts';

/** Paths of PEM files. */
export interface CertificateFiles {
  /** The certificate first, then its chain. */
  readonly certificate: string;
  readonly key: string;
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** When it runs out, epoch ms. */
  readonly until: number;
}

function read(setting: string, path: string): Result<string, string> {
  try {
    return ok(readFileSync(path, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const why = code === 'ENOENT' ? 'is not there' : code === 'EACCES' ? 'may not be read by this user' : 'can not be read';
    return err(`${setting} names ${path}, which ${why}. Set it to a PEM file that this user may read.`);
  }
}

/** What parses, or undefined: OpenSSL's own words help nobody who set a path. */
function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

/** @returns a sentence for the operator when it cannot be used */
export function readCertificate({ certificate, key }: CertificateFiles, now: number): Result<Certificate, string> {
  const [certText, keyText] = [read('LINHUO_TLS_CERT', certificate), read('LINHUO_TLS_KEY', key)];
  if (!certText.ok) return certText;
  if (!keyText.ok) return keyText;
  const leaf = parsed(() => new X509Certificate(certText.value));
  if (!leaf) return err(`LINHUO_TLS_CERT names ${certificate}, which holds no certificate. Set it to the PEM file with the certificate and its chain, often called fullchain.pem.`);
  const secret = parsed(() => createPrivateKey(keyText.value));
  if (!secret) return err(`LINHUO_TLS_KEY names ${key}, which holds no key without a password. Set it to the PEM file with the private key, often called privkey.pem.`);
  if (!leaf.checkPrivateKey(secret)) return err(`The key in LINHUO_TLS_KEY is not that of the certificate in LINHUO_TLS_CERT. Set both to files of the same issue: ${certificate} and ${key} are not.`);
  const until = Date.parse(leaf.validTo);
  if (until <= now) return err(`The certificate in LINHUO_TLS_CERT ran out on ${new Date(until).toISOString().slice(0, 10)}. Renew it, then start again, or send SIGHUP to a running server.`);
  return ok({ cert: certText.value, key: keyText.value, until });
}
