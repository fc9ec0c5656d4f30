/** Node's `events`, as far as PouchDB uses it: it imports the module by that name and expects a bundler to fill it in. */
type Listener = (...args: unknown[]) => void;

/** No method of the class: PouchDB calls single methods on objects of its own. */
function listenersOf(emitter: { listenersByType: Map<string, Listener[]> | undefined }, type: string): Listener[] {
  emitter.listenersByType ??= new Map();
  const known = emitter.listenersByType.get(type) ?? [];
  emitter.listenersByType.set(type, known);
  return known;
}

class EventEmitter {
  listenersByType: Map<string, Listener[]> | undefined;

  on(type: string, listener: Listener): this {
    listenersOf(this, type).push(listener);
    return this;
  }

  addListener(type: string, listener: Listener): this {
    return this.on(type, listener);
  }

  once(type: string, listener: Listener): this {
    const first: Listener = (...args) => {
      this.removeListener(type, first);
      listener.apply(this, args);
    };
    return this.on(type, Object.assign(first, { listener }));
  }

  removeListener(type: string, listener: Listener): this {
    const left = listenersOf(this, type).filter((each) => each !== listener && (each as { listener?: Listener }).listener !== listener);
    this.listenersByType?.set(type, left);
    return this;
  }

  off(type: string, listener: Listener): this {
    return this.removeListener(type, listener);
  }

  removeAllListeners(type?: string): this {
    if (type === undefined) this.listenersByType = undefined;
    else this.listenersByType?.delete(type);
    return this;
  }

  setMaxListeners(): this {
    return this;
  }

  listeners(type: string): Listener[] {
    return [...listenersOf(this, type)];
  }

  listenerCount(type: string): number {
    return listenersOf(this, type).length;
  }

  emit(type: string, ...args: unknown[]): boolean {
    const listeners = this.listeners(type);
    if (type === 'error' && listeners.length === 0) throw args[0];
    for (const listener of listeners) listener.apply(this, args);
    return listeners.length > 0;
  }
}

// PouchDB copies what Object.keys finds on the prototype, where a class hides its methods.
for (const name of Object.getOwnPropertyNames(EventEmitter.prototype))
  if (name !== 'constructor') Object.defineProperty(EventEmitter.prototype, name, { enumerable: true });

export { EventEmitter };
export default EventEmitter;
