# Ends the workers when their manager is gone.
#
# Reads "watch PID" and "forget PID" from a pipe whose other end only the manager has. When the manager is gone,
# however it went, the pipe is at its end, and every process that is still watched is killed.
trap '' HUP INT QUIT TERM
watched=' '
while read -r what pid; do
  case $what in
    watch) watched="$watched$pid " ;;
    forget)
      case $watched in
        *" $pid "*) watched="${watched%%" $pid "*} ${watched#*" $pid "}" ;;
      esac
      ;;
  esac
done
for pid in $watched; do
  kill -9 "$pid" 2>/dev/null
done
