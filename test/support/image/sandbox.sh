#!/bin/sh
# Starts a program in a container's files as Lambda would: `sandbox.sh ROOT WORKING_DIR QEMU PROGRAM [ARGUMENT...]`, in mount
# and process namespaces of its own. All is read-only but /tmp; /sys is empty; the user is Lambda's; no privilege is left.
# QEMU, where it is not empty, runs the program.
set -eu
root=$1 directory=$2 qemu=$3
shift 3

mount --bind "$root" "$root"
mount -t tmpfs -o size=1m tmpfs "$root/dev"
for device in null zero full random urandom; do
  : > "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
if [ -n "$qemu" ]; then
  : > "$root/dev/qemu"
  mount --bind "$qemu" "$root/dev/qemu"
  set -- /dev/qemu "$@"
fi
mount -o remount,ro "$root/dev"
mount -o remount,bind,ro "$root"
mount -t tmpfs -o size=512m,mode=1777 tmpfs "$root/tmp"
mount -t proc proc "$root/proc"

exec setpriv --clear-groups --no-new-privs \
  unshare --root="$root" --wd="$directory" --setgid=990 --setuid=993 -- "$@"
