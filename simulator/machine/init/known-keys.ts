/** The settings that systemd 252 knows, by section: those of the table in its library. Many have no effect on this machine. */

/** Of services and sockets: what their processes may do and use. */
const BOTH =
  'AllowedCPUs AllowedMemoryNodes AmbientCapabilities AppArmorProfile BPFProgram BindPaths ' +
  'BindReadOnlyPaths BlockIOAccounting BlockIODeviceWeight BlockIOReadBandwidth BlockIOWeight ' +
  'BlockIOWriteBandwidth CPUAccounting CPUAffinity CPUQuota CPUQuotaPeriodSec CPUSchedulingPolicy ' +
  'CPUSchedulingPriority CPUSchedulingResetOnFork CPUShares CPUWeight CacheDirectory CacheDirectoryMode ' +
  'Capabilities CapabilityBoundingSet ConfigurationDirectory ConfigurationDirectoryMode CoredumpFilter ' +
  'DefaultMemoryLow DefaultMemoryMin Delegate DeviceAllow DevicePolicy DisableControllers DynamicUser ' +
  'Environment EnvironmentFile ExecPaths ExecSearchPath ExecStartPost ExecStartPre ExecStopPost ' +
  'ExtensionDirectories ExtensionImages FinalKillSignal Group IOAccounting IODeviceLatencyTargetSec ' +
  'IODeviceWeight IOReadBandwidthMax IOReadIOPSMax IOSchedulingClass IOSchedulingPriority IOWeight ' +
  'IOWriteBandwidthMax IOWriteIOPSMax IPAccounting IPAddressAllow IPAddressDeny IPCNamespacePath ' +
  'IPEgressFilterPath IPIngressFilterPath IgnoreSIGPIPE InaccessibleDirectories InaccessiblePaths ' +
  'KeyringMode KillMode KillSignal LimitAS LimitCORE LimitCPU LimitDATA LimitFSIZE LimitLOCKS ' +
  'LimitMEMLOCK LimitMSGQUEUE LimitNICE LimitNOFILE LimitNPROC LimitRSS LimitRTPRIO LimitRTTIME ' +
  'LimitSIGPENDING LimitSTACK LoadCredential LoadCredentialEncrypted LockPersonality LogExtraFields ' +
  'LogLevelMax LogNamespace LogRateLimitBurst LogRateLimitIntervalSec LogsDirectory LogsDirectoryMode ' +
  'ManagedOOMMemoryPressure ManagedOOMMemoryPressureLimit ManagedOOMPreference ManagedOOMSwap ' +
  'MemoryAccounting MemoryDenyWriteExecute MemoryHigh MemoryLimit MemoryLow MemoryMax MemoryMin ' +
  'MemorySwapMax MountAPIVFS MountFlags MountImages NUMAMask NUMAPolicy NetClass NetworkNamespacePath ' +
  'Nice NoExecPaths NoNewPrivileges OOMScoreAdjust PAMName PassEnvironment Personality PrivateDevices ' +
  'PrivateIPC PrivateMounts PrivateNetwork PrivateTmp PrivateUsers ProcSubset ProtectClock ' +
  'ProtectControlGroups ProtectHome ProtectHostname ProtectKernelLogs ProtectKernelModules ' +
  'ProtectKernelTunables ProtectProc ProtectSystem ReadOnlyDirectories ReadOnlyPaths ' +
  'ReadWriteDirectories ReadWritePaths RemoveIPC RestartKillSignal RestrictAddressFamilies ' +
  'RestrictFileSystems RestrictNamespaces RestrictNetworkInterfaces RestrictRealtime RestrictSUIDSGID ' +
  'RootDirectory RootHash RootHashSignature RootImage RootImageOptions RootVerity RuntimeDirectory ' +
  'RuntimeDirectoryMode RuntimeDirectoryPreserve SELinuxContext SecureBits SendSIGHUP SendSIGKILL ' +
  'SetCredential SetCredentialEncrypted Slice SmackProcessLabel SocketBindAllow SocketBindDeny ' +
  'StandardError StandardInput StandardInputData StandardInputText StandardOutput StartupAllowedCPUs ' +
  'StartupAllowedMemoryNodes StartupBlockIOWeight StartupCPUShares StartupCPUWeight StartupIOWeight ' +
  'StateDirectory StateDirectoryMode SupplementaryGroups SyslogFacility SyslogIdentifier SyslogLevel ' +
  'SyslogLevelPrefix SystemCallArchitectures SystemCallErrorNumber SystemCallFilter SystemCallLog ' +
  'TTYColumns TTYPath TTYReset TTYRows TTYVHangup TTYVTDisallocate TasksAccounting TasksMax ' +
  'TemporaryFileSystem TimeoutCleanSec TimeoutSec TimerSlackNSec UMask UnsetEnvironment User ' +
  'UtmpIdentifier UtmpMode WatchdogSignal WorkingDirectory'

const SECTIONS = {
  Unit:
    'After AllowIsolate AssertACPower AssertArchitecture AssertCPUFeature AssertCPUPressure AssertCPUs ' +
    'AssertCapability AssertControlGroupController AssertCredential AssertDirectoryNotEmpty ' +
    'AssertEnvironment AssertFileIsExecutable AssertFileNotEmpty AssertFirstBoot AssertGroup AssertHost ' +
    'AssertIOPressure AssertKernelCommandLine AssertKernelVersion AssertMemory AssertMemoryPressure ' +
    'AssertNeedsUpdate AssertOSRelease AssertPathExists AssertPathExistsGlob AssertPathIsDirectory ' +
    'AssertPathIsEncrypted AssertPathIsMountPoint AssertPathIsReadWrite AssertPathIsSymbolicLink ' +
    'AssertSecurity AssertUser AssertVirtualization Before BindTo BindsTo CollectMode ConditionACPower ' +
    'ConditionArchitecture ConditionCPUFeature ConditionCPUPressure ConditionCPUs ConditionCapability ' +
    'ConditionControlGroupController ConditionCredential ConditionDirectoryNotEmpty ConditionEnvironment ' +
    'ConditionFileIsExecutable ConditionFileNotEmpty ConditionFirmware ConditionFirstBoot ConditionGroup ' +
    'ConditionHost ConditionIOPressure ConditionKernelCommandLine ConditionKernelVersion ConditionMemory ' +
    'ConditionMemoryPressure ConditionNeedsUpdate ConditionOSRelease ConditionPathExists ' +
    'ConditionPathExistsGlob ConditionPathIsDirectory ConditionPathIsEncrypted ConditionPathIsMountPoint ' +
    'ConditionPathIsReadWrite ConditionPathIsSymbolicLink ConditionSecurity ConditionUser ' +
    'ConditionVirtualization Conflicts DefaultDependencies Description Documentation FailureAction ' +
    'FailureActionExitStatus IgnoreOnIsolate IgnoreOnSnapshot JobRunningTimeoutSec JobTimeoutAction ' +
    'JobTimeoutRebootArgument JobTimeoutSec JoinsNamespaceOf OnFailure OnFailureIsolate OnFailureJobMode ' +
    'OnSuccess OnSuccessJobMode PartOf PropagateReloadFrom PropagateReloadTo PropagatesReloadTo ' +
    'PropagatesStopTo RebootArgument RefuseManualStart RefuseManualStop ReloadPropagatedFrom Requires ' +
    'RequiresMountsFor RequiresOverridable Requisite RequisiteOverridable SourcePath StartLimitAction ' +
    'StartLimitBurst StartLimitInterval StartLimitIntervalSec StopPropagatedFrom StopWhenUnneeded ' +
    'SuccessAction SuccessActionExitStatus Upholds Wants',
  Service:
    'BusName BusPolicy ExecCondition ExecReload ExecStart ExecStop ExitType FailureAction ' +
    'FileDescriptorStoreMax GuessMainPID NonBlocking NotifyAccess OOMPolicy PIDFile PermissionsStartOnly ' +
    'RebootArgument RemainAfterExit Restart RestartForceExitStatus RestartPreventExitStatus RestartSec ' +
    'RootDirectoryStartOnly RuntimeMaxSec RuntimeRandomizedExtraSec Sockets StartLimitAction ' +
    'StartLimitBurst StartLimitInterval SuccessExitStatus SysVStartPriority TimeoutAbortSec ' +
    'TimeoutStartFailureMode TimeoutStartSec TimeoutStopFailureMode TimeoutStopSec Type ' +
    'USBFunctionDescriptors USBFunctionStrings WatchdogSec',
  Socket:
    'Accept Backlog BindIPv6Only BindToDevice Broadcast DeferAcceptSec DirectoryMode ExecStopPre ' +
    'FileDescriptorName FlushPending FreeBind IPTOS IPTTL KeepAlive KeepAliveIntervalSec KeepAliveProbes ' +
    'KeepAliveTimeSec ListenDatagram ListenFIFO ListenMessageQueue ListenNetlink ListenSequentialPacket ' +
    'ListenSpecial ListenStream ListenUSBFunction Mark MaxConnections MaxConnectionsPerSource ' +
    'MessageQueueMaxMessages MessageQueueMessageSize NoDelay PassCredentials PassPacketInfo PassSecurity ' +
    'PipeSize Priority ReceiveBuffer RemoveOnStop ReusePort SELinuxContextFromNet SendBuffer Service ' +
    'SmackLabel SmackLabelIPIn SmackLabelIPOut SocketGroup SocketMode SocketProtocol SocketUser Symlinks ' +
    'TCPCongestion Timestamping Transparent TriggerLimitBurst TriggerLimitIntervalSec Writable',
  Install: 'Alias Also DefaultInstance RequiredBy WantedBy',
}

const KNOWN: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(SECTIONS).map(([section, keys]) => {
    const own = section === 'Service' || section === 'Socket' ? `${keys} ${BOTH}` : keys
    return [section, new Set(own.split(' '))]
  }),
)

/** The settings of a section; nothing when systemd has no such section in files of this kind. */
export function knownKeys(section: string, kind: 'service' | 'socket'): ReadonlySet<string> | undefined {
  if (section === 'Service' && kind !== 'service') return undefined
  if (section === 'Socket' && kind !== 'socket') return undefined
  return KNOWN.get(section)
}
