// Gives the terminal back, whatever ends the process.
//
// - SIGTERM, SIGINT and SIGHUP only leave word for the loop, so that it ends in order. Where the loop has not ended two
//   seconds later, the next one restores the terminal here and ends the process.
// - SIGWINCH, SIGTSTP and SIGCONT leave word too.
// - SIGSEGV and the other fatal ones restore the terminal at once, with nothing but calls that POSIX allows in a
//   handler, then go on to whoever handled them before. Handlers run on a stack of their own on the thread that called
//   cnc_guard_begin, so that a stack overflow there is survived. That stack is per thread: a crash on another thread is
//   handled too, but a stack overflow on another thread leaves the terminal raw.
// - exit() restores as well.
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#if defined(__APPLE__)
#define _DARWIN_C_SOURCE
#endif

#include "CNcurses.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { last_signal = 64, alternate_stack_size = 64 * 1024, replayed_at_most = 16 * 1024, grace_seconds = 2 };

static const int ending[] = {SIGTERM, SIGINT, SIGHUP};
static const int informing[] = {SIGWINCH, SIGTSTP, SIGCONT};
static const int fatal[] = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGTRAP, SIGFPE};

static int terminal = -1;
static struct termios found;
static struct termios curses_modes;
static bool has_curses_modes;
static char restore[512];
static char notice[512];
static int original_errors = -1;
static int replay_errors = -1;
static int wake[2] = {-1, -1};

static volatile sig_atomic_t is_armed;
static volatile sig_atomic_t pending[last_signal + 1];
static volatile sig_atomic_t end_was_asked;
static time_t end_was_asked_at;

static struct sigaction before[last_signal + 1];
/// Who gets a fatal signal after us.
static struct sigaction next[last_signal + 1];
static void *alternate_stack;

static void write_all(int descriptor, const char *text, size_t length) {
    // The terminal may have stopped reading: a few tries, never a wait.
    for (int tries = 0; length > 0 && tries < 64; tries++) {
        ssize_t count = write(descriptor, text, length);
        if (count > 0) {
            text += count;
            length -= (size_t)count;
        } else if (count < 0 && errno != EINTR) {
            return;
        }
    }
}

/// A background job must not change the modes of a terminal that is the shell's by now.
static bool is_foreground(void) {
    pid_t group = tcgetpgrp(terminal);
    return group < 0 || group == getpgrp();
}

static void show_errors(void) {
    if (original_errors < 0) return;
    dup2(original_errors, STDERR_FILENO);
    if (replay_errors >= 0) {
        char buffer[1024];
        off_t end = lseek(replay_errors, 0, SEEK_END);
        off_t at = end > replayed_at_most ? end - replayed_at_most : 0;
        ssize_t count;
        while ((count = pread(replay_errors, buffer, sizeof buffer, at)) > 0) {
            write_all(STDERR_FILENO, buffer, (size_t)count);
            at += count;
        }
    }
    write_all(STDERR_FILENO, notice, strlen(notice));
}

static void restore_now(void) {
    if (!is_armed) return;
    is_armed = 0;
    write_all(terminal, restore, strlen(restore));
    if (is_foreground()) tcsetattr(terminal, TCSANOW, &found);
    show_errors();
}

static void leave_word(int number) {
    int saved = errno;
    pending[number] = 1;
    // A full pipe is readable already.
    if (write(wake[1], "!", 1) < 0) errno = 0;
    errno = saved;
}

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

static void handle_ending(int number) {
    if (!end_was_asked) {
        end_was_asked_at = now();
        end_was_asked = 1;
    } else if (now() - end_was_asked_at >= grace_seconds) {
        restore_now();
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    leave_word(number);
}

static void handle_fatal(int number, siginfo_t *info, void *context) {
    (void)context;
    restore_now();
    sigaction(number, &next[number], NULL);
    // A fault happens again on return, and then meets the handler before us with its own details.
    bool is_fault = info != NULL && info->si_code > 0 && number != SIGTRAP && number != SIGABRT;
    if (!is_fault) raise(number);
}

/// Swift's own handler asks the user to press a key before it prints a backtrace, in raw mode, for half a minute. It is
/// left out unless the environment said that it must not ask.
static void quiet(struct sigaction *action) {
    const char *wish = getenv("SWIFT_BACKTRACE");
    bool never_asks = wish != NULL && (strstr(wish, "interactive=no") != NULL || strstr(wish, "enable=no") != NULL);
    if (never_asks && action->sa_handler != SIG_IGN) return;
    memset(action, 0, sizeof *action);
    sigemptyset(&action->sa_mask);
    action->sa_handler = SIG_DFL;
}

static void install(int number, void (*simple)(int), void (*detailed)(int, siginfo_t *, void *)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigfillset(&action.sa_mask);
    action.sa_flags = SA_ONSTACK;
    if (detailed != NULL) {
        action.sa_flags |= SA_SIGINFO;
        action.sa_sigaction = detailed;
    } else {
        action.sa_flags |= SA_RESTART;
        action.sa_handler = simple;
    }
    sigaction(number, &action, &before[number]);
}

static void install_all(void) {
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++) install(ending[i], handle_ending, NULL);
    for (size_t i = 0; i < sizeof informing / sizeof informing[0]; i++) install(informing[i], leave_word, NULL);
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) {
        install(fatal[i], NULL, handle_fatal);
        next[fatal[i]] = before[fatal[i]];
        quiet(&next[fatal[i]]);
    }
    install(SIGPIPE, SIG_IGN, NULL);
}

static void use_alternate_stack(void) {
    stack_t stack;
    // Swift's runtime may have made one for this thread.
    if (sigaltstack(NULL, &stack) == 0 && !(stack.ss_flags & SS_DISABLE)) return;
    if (alternate_stack == NULL) alternate_stack = malloc(alternate_stack_size);
    if (alternate_stack == NULL) return;
    memset(&stack, 0, sizeof stack);
    stack.ss_sp = alternate_stack;
    stack.ss_size = alternate_stack_size;
    sigaltstack(&stack, NULL);
}

static bool make_wake(void) {
    if (wake[0] >= 0) return true;
    if (pipe(wake) != 0) return false;
    for (int i = 0; i < 2; i++) {
        fcntl(wake[i], F_SETFD, FD_CLOEXEC);
        fcntl(wake[i], F_SETFL, fcntl(wake[i], F_GETFL) | O_NONBLOCK);
    }
    return true;
}

int cnc_guard_begin(int tty, const char *string) {
    static bool restores_at_exit;
    if (tcgetattr(tty, &found) != 0 || !make_wake()) return -1;
    terminal = tty;
    has_curses_modes = false;
    strncpy(restore, string, sizeof restore - 1);
    memset((void *)pending, 0, sizeof pending);
    end_was_asked = 0;
    if (!restores_at_exit) restores_at_exit = atexit(restore_now) == 0;
    use_alternate_stack();
    install_all();
    return wake[0];
}

int cnc_guard_next_signal(void) {
    char drained[64];
    while (read(wake[0], drained, sizeof drained) > 0) continue;
    for (int number = 1; number <= last_signal; number++) {
        if (pending[number]) {
            pending[number] = 0;
            return number;
        }
    }
    return 0;
}

void cnc_guard_forget_signal(int number) { pending[number] = 0; }

void cnc_guard_arm(bool armed) { is_armed = armed; }

void cnc_guard_set_errors(int original, int replay, const char *text) {
    original_errors = original;
    replay_errors = replay;
    strncpy(notice, text, sizeof notice - 1);
}

bool cnc_guard_is_ending(void) { return end_was_asked; }

void cnc_guard_learn_raw(void) { has_curses_modes = tcgetattr(terminal, &curses_modes) == 0; }

void cnc_guard_cooked(void) {
    if (is_foreground()) tcsetattr(terminal, TCSANOW, &found);
}

void cnc_guard_raw(void) {
    if (has_curses_modes) tcsetattr(terminal, TCSANOW, &curses_modes);
}

void cnc_guard_stop_job(void) {
    struct sigaction stop;
    struct sigaction ours;
    memset(&stop, 0, sizeof stop);
    sigemptyset(&stop.sa_mask);
    stop.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &stop, &ours);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
}

void cnc_guard_end(void) {
    is_armed = 0;
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++) sigaction(ending[i], &before[ending[i]], NULL);
    for (size_t i = 0; i < sizeof informing / sizeof informing[0]; i++)
        sigaction(informing[i], &before[informing[i]], NULL);
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++) sigaction(fatal[i], &before[fatal[i]], NULL);
    original_errors = -1;
    replay_errors = -1;
    terminal = -1;
}
