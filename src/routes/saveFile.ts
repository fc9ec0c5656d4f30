/** Offers a file to be kept. The download reads its address after the click, so that is let go a little later. */
export function saveBlob(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export const saveFile = (name: string, text: string, type: string): void => saveBlob(name, new Blob([text], { type }));
