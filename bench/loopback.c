/* Orthanc and storescp listen for DICOM on every address and can't be told otherwise. Loaded before the
 * C library, this makes "every address" mean loopback: a program that is only measured must not be reachable. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>

int bind(int socket, const struct sockaddr *address, socklen_t length)
{
  int (*next)(int, const struct sockaddr *, socklen_t) =
      (int (*)(int, const struct sockaddr *, socklen_t)) dlsym(RTLD_NEXT, "bind");
  struct sockaddr_storage narrowed = {0};
  if (length > sizeof narrowed)
    return next(socket, address, length);
  __builtin_memcpy(&narrowed, address, length);
  if (address->sa_family == AF_INET) {
    struct sockaddr_in *four = (struct sockaddr_in *) &narrowed;
    if (four->sin_addr.s_addr == htonl(INADDR_ANY))
      four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  } else if (address->sa_family == AF_INET6) {
    struct sockaddr_in6 *six = (struct sockaddr_in6 *) &narrowed;
    if (IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr))
      six->sin6_addr = in6addr_loopback;
  }
  return next(socket, (struct sockaddr *) &narrowed, length);
}
