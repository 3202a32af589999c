/** Whether a program can be run, or which error of exec(3) there is. */
export type Found = 'there' | 'ENOENT' | 'EACCES' | 'ENOEXEC'
