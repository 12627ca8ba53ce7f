/* Reading descriptors that the program holds; no device is involved. */
#include "api/api.h"
#include "core/descriptor.h"

WU_EXPORT PUSB_INTERFACE_DESCRIPTOR WINAPI
WinUsb_ParseConfigurationDescriptor(PUSB_CONFIGURATION_DESCRIPTOR ConfigurationDescriptor,
                                    PVOID StartPosition,
                                    LONG InterfaceNumber,
                                    LONG AlternateSetting,
                                    LONG InterfaceClass,
                                    LONG InterfaceSubClass,
                                    LONG InterfaceProtocol)
{
    const struct wu_interface_criteria criteria = { InterfaceNumber, AlternateSetting,
                                                    InterfaceClass, InterfaceSubClass,
                                                    InterfaceProtocol };
    struct wu_chain chain;

    if (!ConfigurationDescriptor || !StartPosition)
        return NULL;

    chain.bytes = (const UCHAR *)ConfigurationDescriptor;
    chain.size = ConfigurationDescriptor->wTotalLength;
    return (PUSB_INTERFACE_DESCRIPTOR)wu_descriptor_find_interface(chain, StartPosition, &criteria);
}

WU_EXPORT PUSB_COMMON_DESCRIPTOR WINAPI WinUsb_ParseDescriptors(PVOID DescriptorBuffer,
                                                                ULONG TotalLength,
                                                                PVOID StartPosition,
                                                                LONG DescriptorType)
{
    const struct wu_chain chain = { DescriptorBuffer, TotalLength };

    if (!DescriptorBuffer || !StartPosition)
        return NULL;

    return (PUSB_COMMON_DESCRIPTOR)wu_descriptor_find(chain, StartPosition, DescriptorType);
}
