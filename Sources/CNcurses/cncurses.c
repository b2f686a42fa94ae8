#if defined(__linux__)
#define _GNU_SOURCE
#endif
#if defined(__APPLE__)
#define _DARWIN_C_SOURCE
#include <xlocale.h>
#endif

#include "CNcurses.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

// Terminfo

static const char *capability(const char *name) {
    const char *value = tigetstr((char *)name);
    return value == (char *)-1 ? NULL : value;
}

/// Appends a capability without its `$<5>` padding.
static void append(char *to, size_t size, const char *name) {
    const char *from = capability(name);
    size_t length = strlen(to);
    while (from != NULL && *from != '\0' && length + 1 < size) {
        if (from[0] == '$' && from[1] == '<') {
            const char *end = strchr(from, '>');
            if (end != NULL) {
                from = end + 1;
                continue;
            }
        }
        to[length++] = *from++;
        to[length] = '\0';
    }
}

void cnc_describe(const char *term, cnc_terminal *result) {
    memset(result, 0, sizeof *result);
    TERMINAL *before = cur_term;
    int status = 0;
    if (setupterm((char *)term, STDOUT_FILENO, &status) != OK) return;
    result->is_known = true;
    const char *place = capability("cup");
    result->can_place_cursor = place != NULL;
    result->is_ansi = place != NULL && place[0] == '\033' && place[1] == '[';
    int colors = tigetnum((char *)"colors");
    result->colors = colors > 0 ? colors : 0;
    append(result->leave, sizeof result->leave, "rmkx");
    append(result->leave, sizeof result->leave, "sgr0");
    append(result->leave, sizeof result->leave, "cnorm");
    append(result->leave, sizeof result->leave, "rmcup");
    TERMINAL *mine = cur_term;
    set_curterm(before);
    if (mine != before) del_curterm(mine);
}

// Locales

bool cnc_locale_is_utf8(const char *name) {
    locale_t locale = newlocale(LC_CTYPE_MASK, name, (locale_t)0);
    if (locale == (locale_t)0) return false;
    bool is_utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return is_utf8;
}

bool cnc_set_character_locale(const char *name) { return setlocale(LC_CTYPE, name) != NULL; }

int cnc_width(unsigned int scalar) { return wcwidth((wchar_t)scalar); }

// The screen

static SCREEN *screen;
static WINDOW *keyboard;
static FILE *output;
static FILE *input;
static int scratch = -1;

static int open_scratch(void) {
#if defined(__linux__)
    int made = memfd_create("nines-screen", MFD_CLOEXEC);
    if (made >= 0) return made;
#endif
    FILE *file = tmpfile();
    if (file == NULL) return -1;
    int copy = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    fclose(file);
    return copy;
}

static FILE *duplicate(int descriptor, const char *mode) {
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) return NULL;
    FILE *file = fdopen(copy, mode);
    if (file == NULL) close(copy);
    return file;
}

void cnc_close(void) {
    if (keyboard != NULL) delwin(keyboard);
    if (screen != NULL) delscreen(screen);
    if (output != NULL) fclose(output);
    if (input != NULL) fclose(input);
    if (scratch >= 0) close(scratch);
    keyboard = NULL;
    screen = NULL;
    output = NULL;
    input = NULL;
    scratch = -1;
}

bool cnc_open(const char *term, int terminal) {
    scratch = open_scratch();
    output = duplicate(terminal, "w");
    input = duplicate(terminal, "r");
    if (scratch >= 0 && output != NULL && input != NULL) screen = newterm((char *)term, output, input);
    if (screen != NULL) keyboard = newpad(1, 1);
    if (keyboard == NULL) {
        if (screen != NULL) endwin();
        cnc_close();
        return false;
    }
    raw();
    noecho();
    nonl();
    // Otherwise a waiting key makes ncurses leave a frame half sent.
    typeahead(-1);
    keypad(keyboard, TRUE);
    nodelay(keyboard, TRUE);
    // Modes are set by now, which needed the terminal; from here on only bytes are wanted from ncurses.
    dup2(scratch, fileno(output));
    return true;
}

void cnc_leave(void) {
    if (screen != NULL) endwin();
}

size_t cnc_output_size(void) {
    if (output == NULL) return 0;
    fflush(output);
    off_t end = lseek(scratch, 0, SEEK_CUR);
    return end > 0 ? (size_t)end : 0;
}

size_t cnc_output_take(void *buffer, size_t size) {
    ssize_t count = pread(scratch, buffer, size, 0);
    lseek(scratch, 0, SEEK_SET);
    if (ftruncate(scratch, 0) != 0 || count < 0) return 0;
    return (size_t)count;
}

WINDOW *cnc_screen(void) { return stdscr; }
WINDOW *cnc_keyboard(void) { return keyboard; }
int cnc_colors(void) { return COLORS; }
void cnc_repaint_all(void) { clearok(curscr, TRUE); }

void cnc_set_style(int flags, short pair) {
    attr_t attributes = A_NORMAL;
    if (flags & CNC_BOLD) attributes |= WA_BOLD;
    if (flags & CNC_DIM) attributes |= WA_DIM;
    if (flags & CNC_UNDERLINE) attributes |= WA_UNDERLINE;
    if (flags & CNC_REVERSE) attributes |= WA_REVERSE;
    wattr_set(stdscr, attributes, pair, NULL);
}

// Mouse and keys

void cnc_mouse_on(void) {
    // No wait for a second click.
    mouseinterval(0);
    mmask_t wheel_down = 0;
#if defined(BUTTON5_PRESSED)
    wheel_down = BUTTON5_PRESSED;
#endif
    mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | wheel_down, NULL);
}

int cnc_mouse_event(int *column, int *row) {
    MEVENT event;
    if (getmouse(&event) != OK) return CNC_NO_MOUSE;
    *column = event.x;
    *row = event.y;
    if (event.bstate & BUTTON1_PRESSED) return CNC_CLICK;
    if (event.bstate & BUTTON4_PRESSED) return CNC_WHEEL_UP;
#if defined(BUTTON5_PRESSED)
    if (event.bstate & BUTTON5_PRESSED) return CNC_WHEEL_DOWN;
#endif
    return CNC_NO_MOUSE;
}

void cnc_define_keys(void) {
    // Cursor keys in both of their modes: some terminals ignore the one that terminfo asks for.
    static const struct {
        const char *sequence;
        int code;
    } keys[] = {
        {"\033[A", KEY_UP},     {"\033OA", KEY_UP},     {"\033[B", KEY_DOWN},  {"\033OB", KEY_DOWN},
        {"\033[C", KEY_RIGHT},  {"\033OC", KEY_RIGHT},  {"\033[D", KEY_LEFT},  {"\033OD", KEY_LEFT},
        {"\033[H", KEY_HOME},   {"\033OH", KEY_HOME},   {"\033[F", KEY_END},   {"\033OF", KEY_END},
        {"\033[1~", KEY_HOME},  {"\033[4~", KEY_END},   {"\033[7~", KEY_HOME}, {"\033[8~", KEY_END},
        {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE}, {"\033[Z", KEY_BTAB},  {"\033OM", KEY_ENTER},
        {"\033[200~", CNC_KEY_PASTE_BEGIN},             {"\033[201~", CNC_KEY_PASTE_END},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) define_key((char *)keys[i].sequence, keys[i].code);
}
