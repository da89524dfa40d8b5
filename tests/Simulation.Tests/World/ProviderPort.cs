using Orleans.Simulation;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;

namespace OrleansPayments.Simulation.World;

/// <summary>A silo's side of a provider: waits for the answer until the deadline, as an adapter does.</summary>
internal sealed class ProviderPort(ProviderServer server, SimulatedProcess silo) : IPaymentProvider
{
    public string Name => server.Name;

    public TimeSpan ReplayWindow => TimeSpan.FromHours(23);

    public Refusal? CheckCredentials(ConnectorCredentials credentials) => null;

    public Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken)
    {
        var answer = Until(cancellationToken);
        server.Send(silo, request, result => answer.TrySetResult(result));
        return answer.Task;
    }

    public Task<ChargeResult> FindCharge(ConnectorAccess access, ChargeInquiry inquiry, CancellationToken cancellationToken)
    {
        var answer = Until(cancellationToken);
        server.Ask(silo, inquiry, result => answer.TrySetResult(result));
        return answer.Task;
    }

    private static TaskCompletionSource<ChargeResult> Until(CancellationToken deadline)
    {
        var answer = new TaskCompletionSource<ChargeResult>();
        deadline.UnsafeRegister(static waiting => ((TaskCompletionSource<ChargeResult>)waiting!).TrySetResult(new ChargeResult.Unknown("timeout")), answer);
        return answer;
    }
}
