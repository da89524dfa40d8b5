using OrleansPayments.Silo.Api.Health;
using OrleansPayments.Silo.Persistence.Projections;

namespace OrleansPayments.Silo.Hosting;

/// <summary>A projection that has stopped needs a person; one that catches up does not.</summary>
internal sealed class ProjectionReadiness(Projector projector) : IReadinessCheck
{
    public string Name => "projections";

    public ValueTask<string?> WhyNotReadyAsync(CancellationToken cancellationToken)
    {
        var stopped = projector.Statuses.Where(status => status.State is not (ProjectionState.Running or ProjectionState.CatchingUp)).Select(status => status.Name).ToList();
        return ValueTask.FromResult<string?>(stopped.Count == 0 ? null : $"Not running: {string.Join(", ", stopped)}.");
    }
}
