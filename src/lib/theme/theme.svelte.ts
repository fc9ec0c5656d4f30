export type Theme = 'system' | 'light' | 'dark';

const place = 'linhuo.theme';

const isTheme = (text: string | null): text is Theme => text === 'system' || text === 'light' || text === 'dark';

function remembered(): Theme {
  try {
    const text = localStorage.getItem(place);
    return isTheme(text) ? text : 'system';
  } catch {
    // Storage that is switched off must not keep the page from opening; storage trouble has a page of its own.
    return 'system';
  }
}

function createTheme() {
  const first = remembered();
  let current = $state(first);

  function show(theme: Theme): void {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }

  show(first);

  return {
    get current() {
      return current;
    },
    choose(theme: Theme): void {
      current = theme;
      show(theme);
      try {
        localStorage.setItem(place, theme);
      } catch {
        // The choice still holds until the page closes.
      }
    },
  };
}

export const theme = createTheme();
