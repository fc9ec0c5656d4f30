/**
 * SR28: a disk that failed is heard of whatever was asked of it. Not every caller has to know what a failure of the disk
 * means: a value that could not be kept is a line in the log, the disk behind it is the end of the process.
 */
import { StorageError, type Storage } from './contract.ts';

/** @param onBroken called before whoever asked hears of the failure */
export function watched(storage: Storage, onBroken: (error: StorageError) => void): Storage {
  const watch = <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) => async (...args: Args): Promise<T> => {
    try {
      return await call(...args);
    } catch (error) {
      if (error instanceof StorageError && error.fault === 'broken') onBroken(error);
      throw error;
    }
  };
  return {
    openRoom: watch((room) => storage.openRoom(room)),
    append: watch((batch) => storage.append(batch)),
    compact: watch((room, snapshot, upTo) => storage.compact(room, snapshot, upTo)),
    rebase: watch((rebasing) => storage.rebase(rebasing)),
    heads: watch((prefix) => storage.heads(prefix)),
    audit: watch((room) => storage.audit(room)),
    quarantine: watch((entry) => storage.quarantine(entry)),
    quarantined: watch((limit) => storage.quarantined(limit)),
    get: watch((key) => storage.get(key)),
    put: watch((key, value) => storage.put(key, value)),
    putAll: watch((entries) => storage.putAll(entries)),
    entries: watch((prefix) => storage.entries(prefix)),
    photoParts: watch((upload) => storage.photoParts(upload)),
    addPhotoPart: watch((upload, offset, bytes, at) => storage.addPhotoPart(upload, offset, bytes, at)),
    dropPhotoParts: watch((upload) => storage.dropPhotoParts(upload)),
    keepPhoto: watch((key, bytes, at) => storage.keepPhoto(key, bytes, at)),
    hasPhoto: watch((key) => storage.hasPhoto(key)),
    photo: watch((key) => storage.photo(key)),
    photos: watch(() => storage.photos()),
    photoBytes: watch((community) => storage.photoBytes(community)),
    removePhotos: watch((community, photos) => storage.removePhotos(community, photos)),
    dropStalePhotoParts: watch((before) => storage.dropStalePhotoParts(before)),
    close: watch(() => storage.close()),
  };
}
