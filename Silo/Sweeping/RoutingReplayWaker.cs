using Microsoft.Extensions.Options;

namespace OrleansPayments.Silo.Sweeping;

/// <summary>Sets replays of routing to work that were interrupted: after a restart, and whatever else made their activations end.</summary>
internal sealed partial class RoutingReplayWaker(IGrainFactory grains, IOptions<SweeperOptions> options, TimeProvider time, ILogger<RoutingReplayWaker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        do
        {
            try
            {
                await grains.RoutingReplays().Wake();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotWoken(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Warning, "Replays of routing could not be looked for; it is tried again")]
    private partial void LogNotWoken(Exception exception);
}
