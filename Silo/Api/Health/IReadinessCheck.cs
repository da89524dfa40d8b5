namespace OrleansPayments.Silo.Api.Health;

/// <summary>One thing without which the silo cannot take payments.</summary>
public interface IReadinessCheck
{
    /// <summary>Short, snake_case: <c>journal</c>, <c>projections</c>, …</summary>
    string Name { get; }

    /// <summary>A short reason without internals, because <c>/ready</c> is open to everybody; null when all is well. Given two seconds.</summary>
    ValueTask<string?> WhyNotReadyAsync(CancellationToken cancellationToken);
}
