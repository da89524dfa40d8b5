namespace OrleansPayments.Silo.Hosting.Failpoints;

/// <summary>What happens at an armed failpoint.</summary>
internal enum FailpointAction
{
    /// <summary>The flow waits there until the process dies, the point is disarmed, or <see cref="FailpointControl.LongestHold"/> has passed.</summary>
    Hold,

    /// <summary>The process ends there and then, by SIGKILL.</summary>
    Kill,
}
