using System.Diagnostics;
using OrleansPayments.PspSimulator.World;
using OrleansPayments.PspSimulator.World.Callbacks;

namespace OrleansPayments.PspSimulator.Control;

/// <summary>How the control endpoints spell the enumerations.</summary>
internal static class ControlNames
{
    public const string AnyOperation = "*";

    public static IEnumerable<string> Operations => Enum.GetValues<Operation>().Select(Of).Append(AnyOperation);

    public static IEnumerable<string> Kinds => Enum.GetValues<FaultKind>().Select(Of);

    public static Operation? OperationNamed(string? name) => Named<Operation>(name, Of);

    public static FaultKind? KindNamed(string? name) => Named<FaultKind>(name, Of);

    public static string Of(Operation operation) => operation switch
    {
        Operation.Create => "create",
        Operation.Capture => "capture",
        Operation.Cancel => "cancel",
        Operation.Refund => "refund",
        Operation.Retrieve => "retrieve",
        _ => throw new UnreachableException(),
    };

    public static string Of(FaultKind kind) => kind switch
    {
        FaultKind.TimeoutBefore => "timeout_before",
        FaultKind.TimeoutAfter => "timeout_after",
        FaultKind.ResetBefore => "reset_before",
        FaultKind.ResetAfter => "reset_after",
        FaultKind.Http500 => "http_500",
        FaultKind.Malformed => "malformed",
        FaultKind.Decline => "decline",
        FaultKind.Slow => "slow",
        _ => throw new UnreachableException(),
    };

    public static IEnumerable<string> Modes => Enum.GetValues<CallbackMode>().Select(Of);

    public static CallbackMode? ModeNamed(string? name) => Named<CallbackMode>(name, Of);

    public static string Of(CallbackMode mode) => mode switch
    {
        CallbackMode.Normal => "normal",
        CallbackMode.Hold => "hold",
        CallbackMode.Duplicate => "duplicate",
        CallbackMode.Reorder => "reorder",
        CallbackMode.Early => "early",
        CallbackMode.Drop => "drop",
        CallbackMode.Forge => "forge",
        CallbackMode.Stale => "stale",
        _ => throw new UnreachableException(),
    };

    public static string Of(CallbackState state) => state switch
    {
        CallbackState.Waiting => "waiting",
        CallbackState.Held => "held",
        CallbackState.Delivered => "delivered",
        CallbackState.Failed => "failed",
        CallbackState.Dropped => "dropped",
        _ => throw new UnreachableException(),
    };

    public static string Of(ChargeStatus status) => status switch
    {
        ChargeStatus.Authorized => "authorized",
        ChargeStatus.Captured => "captured",
        ChargeStatus.Canceled => "canceled",
        ChargeStatus.Refunded => "refunded",
        _ => throw new UnreachableException(),
    };

    private static T? Named<T>(string? name, Func<T, string> spelling)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (spelling(value) == name) return value;
        }

        return null;
    }
}
