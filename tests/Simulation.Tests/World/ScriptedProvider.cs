using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>A provider that answers as a test says, and counts what it is asked.</summary>
internal sealed class ScriptedProvider(string name) : IPaymentProvider
{
    public string Name => name;

    public TimeSpan ReplayWindow => TimeSpan.FromHours(23);

    public Func<ChargeRequest, Task<ChargeResult>> Charging { get; set; } = _ => throw new InvalidOperationException($"{name} is not to charge.");

    public Func<Task<ChargeResult>> Finding { get; set; } = () => Task.FromResult<ChargeResult>(new ChargeResult.Unknown("timeout"));

    public Func<Task<ChargeNotice?>> Looking { get; set; } = () => Task.FromResult<ChargeNotice?>(null);

    public Func<Task<OperationResult>> Cancelling { get; set; } = () => Task.FromResult<OperationResult>(new OperationResult.Unknown("timeout"));

    public int Charges { get; private set; }

    public int Looks { get; private set; }

    public int Cancellations { get; private set; }

    public Refusal? CheckCredentials(ConnectorCredentials credentials) => null;

    public Task<ChargeResult> Charge(ConnectorAccess access, ChargeRequest request, CancellationToken cancellationToken)
    {
        Charges++;
        return Charging(request);
    }

    public Task<ChargeResult> FindCharge(ConnectorAccess access, ChargeInquiry inquiry, CancellationToken cancellationToken) => Finding();

    public async Task<ChargeInspection> Inspect(ConnectorAccess access, string connectorReference, CancellationToken cancellationToken)
    {
        Looks++;
        return new ChargeInspection(await Looking());
    }

    public Task<OperationResult> Capture(ConnectorAccess access, CaptureRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<OperationResult> Cancel(ConnectorAccess access, CancelRequest request, CancellationToken cancellationToken)
    {
        Cancellations++;
        return Cancelling();
    }

    public Task<RefundResult> Refund(ConnectorAccess access, RefundRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RefundResult> FindRefund(ConnectorAccess access, RefundInquiry inquiry, CancellationToken cancellationToken) => throw new NotSupportedException();

    public CallbackReading ReadCallback(ConnectorAccess access, CallbackRequest request) => new CallbackReading.Refused("not_supported");
}
