using Microsoft.Extensions.Logging;
using Orleans.CodeGeneration;

namespace Orleans.Runtime;

internal sealed partial class Activation
{
    [LoggerMessage(1, LogLevel.Warning, "Grain {GrainId} failed to activate; its waiting callers get the exception.")]
    private static partial void LogActivationFailed(ILogger logger, GrainId grainId, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Grain {GrainId} failed while it was deactivated.")]
    private static partial void LogDeactivationFailed(ILogger logger, GrainId grainId, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "A timer callback of grain {GrainId} failed; the timer goes on.")]
    private static partial void LogTimerFault(ILogger logger, GrainId grainId, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "A continuation of grain {GrainId} failed and nobody waits for it.")]
    private static partial void LogContinuationFault(ILogger logger, GrainId grainId, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "The call of {Method} on grain {GrainId} failed and nobody waits for it.")]
    private static partial void LogUnawaitedFailure(ILogger logger, GrainMethod method, GrainId grainId, Exception exception);

    [LoggerMessage(6, LogLevel.Critical, "The engine failed while it activated or deactivated grain {GrainId}.")]
    private static partial void LogEngineFault(ILogger logger, GrainId grainId, Exception exception);
}
