using System.Diagnostics;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>How the protocol spells the enumerations.</summary>
internal static class StripeNames
{
    public static string Of(PaymentIntentStatus status) => status switch
    {
        PaymentIntentStatus.RequiresPaymentMethod => "requires_payment_method",
        PaymentIntentStatus.RequiresConfirmation => "requires_confirmation",
        PaymentIntentStatus.RequiresAction => "requires_action",
        PaymentIntentStatus.Processing => "processing",
        PaymentIntentStatus.RequiresCapture => "requires_capture",
        PaymentIntentStatus.Succeeded => "succeeded",
        PaymentIntentStatus.Canceled => "canceled",
        _ => throw new UnreachableException(),
    };

    public static string Of(CaptureMethod method) => method switch
    {
        CaptureMethod.Automatic => "automatic",
        CaptureMethod.AutomaticAsync => "automatic_async",
        CaptureMethod.Manual => "manual",
        _ => throw new UnreachableException(),
    };

    public static string Of(ChargeOutcome outcome) => outcome switch
    {
        ChargeOutcome.Pending => "pending",
        ChargeOutcome.Succeeded => "succeeded",
        ChargeOutcome.Failed => "failed",
        _ => throw new UnreachableException(),
    };

    public static string Of(RefundStatus status) => status switch
    {
        RefundStatus.Pending => "pending",
        RefundStatus.Succeeded => "succeeded",
        RefundStatus.Failed => "failed",
        _ => throw new UnreachableException(),
    };

    public static CaptureMethod? CaptureMethodNamed(string name) => name switch
    {
        "automatic" => CaptureMethod.Automatic,
        "automatic_async" => CaptureMethod.AutomaticAsync,
        "manual" => CaptureMethod.Manual,
        _ => null,
    };
}
