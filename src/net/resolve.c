#include "net/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HOST_MAX 256
#define PORT_MAX 32

/* Shared by the caller and the thread; the last of them frees it, so it is not the caller's allocator's. */
struct job {
    pthread_mutex_t lock;
    int refs;
    char host[HOST_MAX], port[PORT_MAX];
    int family;
    int ended[2]; /* a pipe: its end tells the caller */
    struct addrinfo *list;
    int result, why; /* getaddrinfo()'s, errno */
};

static int look_up(const char *host, const char *port, int family, int flags, struct addrinfo **list)
{
    struct addrinfo hints;

    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_family = family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC;
    hints.ai_flags = flags;
    return getaddrinfo(host, port, &hints, list);
}

/* A name: only families that this machine has addresses of, unless it has nothing but loopback. */
static int look_up_name(const char *host, const char *port, int family, struct addrinfo **list)
{
    int r = look_up(host, port, family, AI_ADDRCONFIG, list);

    return r == EAI_NONAME || r == EAI_AGAIN ? look_up(host, port, family, 0, list) : r;
}

/* What the resolver's code means to somebody who typed a name. */
static bool said(const char **why, int result, int error)
{
    *why = result == EAI_NONAME    ? "there is no host of that name"
           : result == EAI_AGAIN   ? "no name server answered: is the network up?"
           : result == EAI_SERVICE ? "the port is neither a number nor a service that is known here"
           : result == EAI_SYSTEM  ? strerror(error)
                                   : gai_strerror(result);
    return false;
}

static void release(struct job *job)
{
    bool last;

    (void)pthread_mutex_lock(&job->lock);
    last = --job->refs == 0;
    (void)pthread_mutex_unlock(&job->lock);
    if (last) {
        if (job->list != NULL) {
            freeaddrinfo(job->list);
        }
        (void)pthread_mutex_destroy(&job->lock);
        free(job);
    }
}

static void *work(void *arg)
{
    struct job *job = (struct job *)arg;
    struct addrinfo *list = NULL;
    int r = look_up_name(job->host, job->port, job->family, &list), why = errno;

    (void)pthread_mutex_lock(&job->lock);
    job->result = r;
    job->why = why;
    job->list = r == 0 ? list : NULL;
    (void)pthread_mutex_unlock(&job->lock);
    close(job->ended[1]);
    release(job);
    return NULL;
}

/* NULL: there is no memory, or the names are longer than any that resolve. */
static struct job *make_job(const struct t99_lookup *what)
{
    struct job *job;

    if (strlen(what->host) >= HOST_MAX || strlen(what->port) >= PORT_MAX) {
        return NULL;
    }
    job = (struct job *)calloc(1, sizeof *job);
    if (job == NULL) {
        return NULL;
    }
    strcpy(job->host, what->host);
    strcpy(job->port, what->port);
    job->family = what->family;
    job->refs = 2;
    if (pthread_mutex_init(&job->lock, NULL) != 0) {
        free(job);
        return NULL;
    }
    if (pipe(job->ended) != 0) {
        (void)pthread_mutex_destroy(&job->lock);
        free(job);
        return NULL;
    }
    (void)fcntl(job->ended[0], F_SETFD, FD_CLOEXEC);
    (void)fcntl(job->ended[1], F_SETFD, FD_CLOEXEC);
    return job;
}

/* The thread takes none of the program's signals. */
static bool start_thread(struct job *job)
{
    sigset_t all, old;
    pthread_t thread;
    bool ok;

    sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &old) != 0) {
        return false;
    }
    ok = pthread_create(&thread, NULL, work, job) == 0;
    if (ok) {
        (void)pthread_detach(thread);
    }
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    return ok;
}

static int64_t steady_ms(void)
{
    struct timespec now;

    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 : 0;
}

static bool wait_for(int fd, int timeout_ms)
{
    int64_t until = steady_ms() + timeout_ms, left;
    struct pollfd p;
    int r;

    do {
        left = until - steady_ms();
        p.fd = fd;
        p.events = POLLIN;
        p.revents = 0;
        r = left > 0 ? poll(&p, 1, (int)left) : 0;
    } while (r < 0 && errno == EINTR);
    return r > 0;
}

static bool in_time(struct job *job, struct addrinfo **list, const char **why, int timeout_ms)
{
    bool ended = wait_for(job->ended[0], timeout_ms), ok = false;

    close(job->ended[0]);
    if (!ended) {
        *why = "no answer in time";
    } else {
        (void)pthread_mutex_lock(&job->lock);
        *list = job->list;
        job->list = NULL;
        ok = job->result == 0 || said(why, job->result, job->why);
        (void)pthread_mutex_unlock(&job->lock);
    }
    release(job);
    return ok;
}

bool t99_resolve(struct addrinfo **list, const char **why, const struct t99_lookup *what)
{
    struct job *job;
    int r;

    *list = NULL;
    r = look_up(what->host, what->port, what->family, AI_NUMERICHOST, list);
    if (r != EAI_NONAME) {
        return r == 0 || said(why, r, errno);
    }
    job = what->timeout_ms > 0 ? make_job(what) : NULL;
    if (job != NULL && start_thread(job)) {
        return in_time(job, list, why, what->timeout_ms);
    }
    if (job != NULL) {
        close(job->ended[0]);
        close(job->ended[1]);
        job->refs = 1;
        release(job);
    }
    r = look_up_name(what->host, what->port, what->family, list);
    return r == 0 || said(why, r, errno);
}
