using System.Collections.Immutable;
using OrleansPayments.Grains.Shared.Failpoints;

namespace OrleansPayments.Silo.Hosting.Failpoints;

/// <summary>The failpoints of a silo under test: nothing happens at any of them until an administrator arms it.</summary>
internal sealed partial class FailpointControl(TimeProvider time, ILogger<FailpointControl> logger) : IFailpoints
{
    /// <summary>Then a flow that is held goes on by itself.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromMinutes(5);

    private readonly ImmutableArray<FailpointPlace> _places = [.. Enum.GetValues<Failpoint>().Select(point => new FailpointPlace(point))];

    /// <summary>In the order in which they are passed.</summary>
    public ImmutableArray<FailpointPlace> Places => _places;

    public FailpointPlace this[Failpoint point] => _places[(int)point];

    public ValueTask Reach(Failpoint point, string operation, PaymentId payment) =>
        this[point].IsArmed ? StopAt(point, operation, [payment.Value]) : ValueTask.CompletedTask;

    public ValueTask Reach(Failpoint point, IEnumerable<string> entities) =>
        this[point].IsArmed ? StopAt(point, null, entities) : ValueTask.CompletedTask;

    public void DisarmAll()
    {
        foreach (var place in _places) place.Disarm();
    }

    private async ValueTask StopAt(Failpoint point, string? operation, IEnumerable<string> entities)
    {
        var place = this[point];
        if (place.Enter(operation, entities) is not { } stop) return;
        if (stop.Action == FailpointAction.Kill) OwnProcess.Kill();
        try
        {
            await stop.Released.WaitAsync(LongestHold, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogHeldTooLong(FailpointNames.Of(point));
        }
        finally
        {
            place.Leave(stop.Flow);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Failpoints are enabled: an administrator can stop or end this silo in the middle of a payment")]
    public partial void LogEnabled();

    [LoggerMessage(2, LogLevel.Warning, "What was held at the failpoint {Failpoint} goes on: it was held for too long")]
    private partial void LogHeldTooLong(string failpoint);
}
