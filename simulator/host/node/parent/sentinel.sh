# Ends the workers when their manager is gone.
#
# Reads "watch PID", "forget PID" and "remove FOLDER" from a pipe whose other end only the manager has. When the manager is gone,
# however it went, the pipe is at its end: every process that is still watched is killed, and the folders are removed.
# The arguments are PIDs to watch from the start: a manager that dies before its first line is not forgotten.
trap '' HUP INT QUIT TERM
watched=' '
for pid in "$@"; do
  watched="$watched$pid "
done
folders=
while read -r what name; do
  case $what in
    watch) watched="$watched$name " ;;
    remove) folders="$folders$name
" ;;
    forget)
      case $watched in
        *" $name "*) watched="${watched%%" $name "*} ${watched#*" $name "}" ;;
      esac
      ;;
  esac
done
for pid in $watched; do
  kill -9 "$pid" 2>/dev/null
done
printf %s "$folders" | while read -r folder; do
  /bin/rm -rf -- "$folder"
done
