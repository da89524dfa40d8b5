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
        var answer = Until<ChargeResult>(new ChargeResult.Unknown("timeout"), cancellationToken);
        server.Send(silo, request, result =>
        {
            if (answer.TrySetResult(result)) server.Hearsay.Heard(request.Reference, result);
        });
        return answer.Task;
    }

    public Task<ChargeResult> FindCharge(ConnectorAccess access, ChargeInquiry inquiry, CancellationToken cancellationToken)
    {
        var answer = Until<ChargeResult>(new ChargeResult.Unknown("timeout"), cancellationToken);
        server.Ask(silo, inquiry, result => answer.TrySetResult(result));
        return answer.Task;
    }

    public Task<ChargeInspection> Inspect(ConnectorAccess access, string connectorReference, CancellationToken cancellationToken)
    {
        var answer = Until(new ChargeInspection(Charge: null), cancellationToken);
        server.Inspect(silo, connectorReference, seen => answer.TrySetResult(new ChargeInspection(seen)));
        return answer.Task;
    }

    public Task<OperationResult> Capture(ConnectorAccess access, CaptureRequest request, CancellationToken cancellationToken) =>
        Operate(request.ConnectorReference, request.Reference, request.Amount, request.IsFinal, cancellationToken);

    public Task<OperationResult> Cancel(ConnectorAccess access, CancelRequest request, CancellationToken cancellationToken) =>
        Operate(request.ConnectorReference, request.Reference, amount: null, isFinal: true, cancellationToken);

    public Task<RefundResult> Refund(ConnectorAccess access, RefundRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RefundResult> FindRefund(ConnectorAccess access, RefundInquiry inquiry, CancellationToken cancellationToken) => throw new NotSupportedException();

    public CallbackReading ReadCallback(ConnectorAccess access, CallbackRequest request) => new CallbackReading.Refused("not_supported");

    private Task<OperationResult> Operate(string charge, OperationReference reference, Money? amount, bool isFinal, CancellationToken deadline)
    {
        var answer = Until<OperationResult>(new OperationResult.Unknown("timeout"), deadline);
        server.Operate(silo, charge, reference, amount, isFinal, result => answer.TrySetResult(result));
        return answer.Task;
    }

    private static TaskCompletionSource<T> Until<T>(T silence, CancellationToken deadline)
    {
        var answer = new TaskCompletionSource<T>();
        deadline.UnsafeRegister(_ => answer.TrySetResult(silence), null);
        return answer;
    }
}
