/** The truth about one record: on this tablet, on the wire, on the server's disk, or sent back. */
export type RecordState = 'saved' | 'sent' | 'confirmed' | 'refused';

/** The worst state of the whole tablet; `opening` until it is known. */
export type TabletState = 'opening' | 'confirmed' | 'sent' | 'saved' | 'offline' | 'refused' | 'storage';
