/** Tables as a file. The worker that writes it lives as long as that takes. */
import type { FileFormat, Sheet } from '../../exchange/contract.ts';
import { openExchange } from '../../exchange/open.ts';

export async function writeFile(sheets: readonly Sheet[], format: FileFormat): Promise<Blob> {
  const exchange = openExchange();
  try {
    return await exchange.calls.write(sheets, format);
  } finally {
    exchange.close();
  }
}
