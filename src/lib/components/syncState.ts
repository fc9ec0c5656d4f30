/** The truth about one record: on this tablet, on the wire, on the server's disk, sent back, or brought by file and not confirmed. */
export type RecordState = 'saved' | 'sent' | 'confirmed' | 'refused' | 'brought';

/** The worst state of the whole tablet; `opening` until it is known. */
export type TabletState = 'opening' | 'confirmed' | 'sent' | 'saved' | 'offline' | 'refused' | 'storage';
