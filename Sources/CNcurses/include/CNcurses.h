// What Swift cannot import from ncurses, and the signal handlers that give the terminal back.
#ifndef CNCURSES_H
#define CNCURSES_H

#include <stdbool.h>
#include <stddef.h>

// Without it every wide-character call is missing from curses.h.
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#include <curses.h>

// Terminfo, read without starting curses: term.h is all macros, and its functions want mutable strings.

typedef struct {
    bool is_known;
    /// `cup` is there: the cursor can be placed.
    bool can_place_cursor;
    /// `cup` is an ECMA-48 sequence, so that private modes may be sent: a terminal that lacks one ignores it.
    bool is_ansi;
    /// 0 where it has none.
    int colors;
    /// What ends curses mode on this terminal, without padding.
    char leave[160];
} cnc_terminal;

void cnc_describe(const char *term, cnc_terminal *result);

// Locales: nl_langinfo_l and the locale_t calls differ between platforms.

/// Whether this locale exists and encodes as UTF-8.
bool cnc_locale_is_utf8(const char *name);
/// Sets LC_CTYPE alone: numbers in other C libraries stay as they are.
bool cnc_set_character_locale(const char *name);
/// Cells that a character takes: 0 for combining, -1 for unprintable. Needs the locale.
int cnc_width(unsigned int scalar);

// The screen. ncurses writes into a scratch file, never to the terminal, so that a terminal that stopped reading
// cannot hold the caller; the caller takes the bytes and sends them as the terminal can take them.

/// Starts curses in raw mode on the terminal. False where ncurses or the scratch file refuses.
bool cnc_open(const char *term, int terminal);
/// Ends curses mode; what that writes is in the scratch file, like any frame.
void cnc_leave(void);
/// Frees everything; call cnc_leave first.
void cnc_close(void);
/// Bytes that wait in the scratch file.
size_t cnc_output_size(void);
/// Moves them out; returns how many.
size_t cnc_output_take(void *buffer, size_t size);

// Swift 6 takes these globals for shared mutable state.
WINDOW *cnc_screen(void);
/// A pad that is never drawn: reading keys from it never repaints anything.
WINDOW *cnc_keyboard(void);
int cnc_colors(void);
/// The next update repaints every cell.
void cnc_repaint_all(void);

// A_BOLD and its like are cast macros.
enum { CNC_BOLD = 1, CNC_DIM = 2, CNC_UNDERLINE = 4, CNC_REVERSE = 8 };
void cnc_set_style(int flags, short pair);

// Button masks are macros too.
enum { CNC_NO_MOUSE = 0, CNC_CLICK = 1, CNC_WHEEL_UP = 4, CNC_WHEEL_DOWN = 5 };
void cnc_mouse_on(void);
/// What the mouse did, after KEY_MOUSE.
int cnc_mouse_event(int *column, int *row);

// Codes of our own, above those of ncurses.
enum { CNC_KEY_PASTE_BEGIN = 0x4000, CNC_KEY_PASTE_END = 0x4001 };
void cnc_define_keys(void);

// The guard: from cnc_guard_begin to cnc_guard_end the terminal comes back whole, whatever ends the process
// (but SIGKILL). See guard.c.

/// Remembers the terminal's modes and installs the handlers. Returns a descriptor that turns readable when a signal
/// came, or -1 with errno.
int cnc_guard_begin(int terminal, const char *restore);
/// The next signal that came, or 0.
int cnc_guard_next_signal(void);
/// Forgets one that came.
void cnc_guard_forget_signal(int number);
/// From now on (or no longer) the restoring string is to be written at a crash.
void cnc_guard_arm(bool armed);
/// Where standard error went meanwhile: a crash points it back, and repeats what the file holds where `replay` is
/// not -1, and says `notice` where that is not empty.
void cnc_guard_set_errors(int original, int replay, const char *notice);
/// Remembers the modes in force now as those of curses.
void cnc_guard_learn_raw(void);
/// SIGTERM, SIGINT or SIGHUP came.
bool cnc_guard_is_ending(void);
/// Puts the terminal's modes back as they were found.
void cnc_guard_cooked(void);
/// Puts curses' modes in force.
void cnc_guard_raw(void);
/// Stops the process group as Ctrl-Z would; returns when it goes on.
void cnc_guard_stop_job(void);
void cnc_guard_end(void);

#endif
